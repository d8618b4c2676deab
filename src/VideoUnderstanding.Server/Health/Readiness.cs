using System.Collections.Concurrent;

namespace VideoUnderstanding.Server.Health;

/// <summary>What start-up found out about this server. Written by the checks, read by <c>/health/ready</c>.</summary>
public sealed class Readiness
{
    /// <summary>Name of the check that stands for models not tried yet.</summary>
    public const string Loading = "models";

    private readonly ConcurrentDictionary<string, HealthCheck> _models = [];

    /// <summary>Null when the vector columns fit the models; else the sentence that says why not.</summary>
    public string? VectorColumns { get; set; }

    /// <summary>True once every model has been tried.</summary>
    public bool ModelsChecked { get; set; }

    public IReadOnlyList<HealthCheck> Models => [.. _models.Values.OrderBy(check => check.Name, StringComparer.Ordinal)];

    public void Report(HealthCheck check) => _models[check.Name] = check;
}

/// <summary>One thing that the server needs.</summary>
/// <param name="Detail">What was found; for a failure the sentence that says what is missing and how it is fixed.</param>
public sealed record HealthCheck(string Name, bool Ok, string Detail);
