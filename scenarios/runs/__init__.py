"""What a run is: the design that names it, the job that does it, and the rows and tables it gives."""
