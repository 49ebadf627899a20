"""The house's front: base page, components, navigation, error pages."""
