"""Do a backbone's features find the same surface point from another view and in another room?"""
