"""What happens in the demo's season: own programme, ordinary requests, and the cases worth showing."""
