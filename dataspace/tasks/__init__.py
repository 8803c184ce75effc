"""To-dos (待办): for whom an object waits, since when, until when, and what came before."""
