"""Results of earlier runs: kept in a folder of the project, used where they still hold."""
