"""One module for each subcommand: options to settings, results to an exit status."""
