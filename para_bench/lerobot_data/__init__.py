"""Demonstrations as data sets in a format of others, LeRobot's version 3, and back."""
