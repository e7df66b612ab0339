"""The look: icons, figures, and the page that shows every component."""
