"""Discord: cards as Components V2, calls from application commands, buttons, menus and forms."""
