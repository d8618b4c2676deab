using System.Collections.Concurrent;

namespace VideoUnderstanding.Server.Health;

/// <summary>Results of the checks at start-up, returned by <c>/health/ready</c>.</summary>
public sealed class Readiness
{
    /// <summary>Name of the check that fails until all models are checked.</summary>
    public const string Loading = "models";

    private readonly ConcurrentDictionary<string, HealthCheck> _models = [];

    /// <summary>Null if the vector columns fit the models; otherwise the reason.</summary>
    public string? VectorColumns { get; set; }

    /// <summary>True once every model has been checked.</summary>
    public bool ModelsChecked { get; set; }

    public IReadOnlyList<HealthCheck> Models => [.. _models.Values.OrderBy(check => check.Name, StringComparer.Ordinal)];

    public void Report(HealthCheck check) => _models[check.Name] = check;
}

/// <summary>Result of a check.</summary>
/// <param name="Detail">The result; for a failure, what is missing and how to fix it.</param>
public sealed record HealthCheck(string Name, bool Ok, string Detail);
