"""The same index on an OpenSearch cluster, for those who outgrow one machine."""
