namespace VideoUnderstanding.Data.Objects;

/// <summary>One store of objects, and what is read from it. Section <c>VideoUnderstanding:Transfers:Integrations:{name}</c>.</summary>
public sealed class ObjectIntegrationOptions : ObjectEndpointOptions
{
    /// <summary>Buckets that are read with this integration: names, or patterns with <c>*</c>.</summary>
    public IList<string> Buckets { get; } = [];

    /// <summary>True for public buckets: requests are not signed.</summary>
    public bool Anonymous { get; set; }

    /// <summary>True when the endpoint may be in a private network. Otherwise the rules of <c>VideoUnderstanding:Fetching</c>
    /// hold.</summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>What is wrong with these settings, each a sentence.</summary>
    public IEnumerable<string> Faults()
    {
        if (Buckets.Count == 0)
            yield return "Buckets must name at least one bucket or pattern; * stands for all.";
        foreach (var pattern in Buckets.Where(pattern => !BucketPattern.IsValid(pattern)))
            yield return $"Buckets: '{pattern}' can not be part of the name of a bucket.";
        foreach (var fault in EndpointFaults())
            yield return fault;
        if (Anonymous && !string.IsNullOrEmpty(AccessKey))
            yield return "Anonymous excludes AccessKey and SecretKey.";
    }
}
