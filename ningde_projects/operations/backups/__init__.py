"""Everything that must not be lost in one encrypted file, and back again (security.md "restore")."""
