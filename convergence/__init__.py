"""Trains a technique as documented and judges whether its documented numbers were reproduced."""
