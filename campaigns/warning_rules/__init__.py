"""What in a message may harm its reader: rules that know text and nothing else."""
