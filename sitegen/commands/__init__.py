"""The commands of the terminal: arguments -> a call of the room below, and what is printed of it."""
