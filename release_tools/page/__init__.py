"""The HTML report of a campaign: tables, charts, and the page that holds them."""
