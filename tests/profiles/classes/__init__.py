"""Classes of enterprises and the monitoring of finance."""
