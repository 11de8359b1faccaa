"""Library hosts: Python processes that Node starts for libraries which exist only in Python."""
