"""The scheduler: when a job is due, which process leads, and how a run is carried out."""
