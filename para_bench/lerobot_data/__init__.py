"""Demonstrations as data sets in LeRobot's format, version 3, and back."""
