namespace VideoUnderstanding.Data.Objects;

/// <summary>An object store and the buckets that are read from it. Section
/// <c>VideoUnderstanding:Transfers:Integrations:{name}</c>.</summary>
public sealed class ObjectIntegrationOptions : ObjectEndpointOptions
{
    /// <summary>Buckets of this integration: names, or patterns with <c>*</c>.</summary>
    public IList<string> Buckets { get; } = [];

    /// <summary>True for public buckets, whose requests are not signed.</summary>
    public bool Anonymous { get; set; }

    /// <summary>True allows an endpoint in a private network. Otherwise the rules of <c>VideoUnderstanding:Fetching</c> apply.</summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>Returns the validation errors of these settings.</summary>
    public IEnumerable<string> ValidationErrors()
    {
        if (Buckets.Count == 0)
            yield return "Buckets must name at least one bucket or pattern; * stands for all.";
        foreach (var pattern in Buckets.Where(pattern => !BucketPattern.IsValid(pattern)))
            yield return $"Buckets: '{pattern}' can not be part of the name of a bucket.";
        foreach (var error in EndpointErrors())
            yield return error;
        if (Anonymous && !string.IsNullOrEmpty(AccessKey))
            yield return "Anonymous excludes AccessKey and SecretKey.";
    }
}
