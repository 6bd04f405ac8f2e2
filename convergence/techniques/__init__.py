"""The techniques, one file each: apply, training actions, finish, and the properties that must hold."""
