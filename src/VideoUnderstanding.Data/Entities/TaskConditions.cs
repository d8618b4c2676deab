namespace VideoUnderstanding.Data.Entities;

/// <summary>Conditions of SQL statements and partial indexes on tasks. PostgreSQL uses such an index only for a statement with the same
/// condition.</summary>
public static class TaskConditions
{
    /// <summary>The task has not ended.</summary>
    public const string Open = "state IN ('validating', 'pending', 'indexing')";

    /// <summary>The task waits for an attempt, and no delay holds it back.</summary>
    public const string Waiting = $"attempt_token IS NULL AND retry_at IS NULL AND {Open}";

    /// <summary>An attempt was started and has not ended. Its process may be dead.</summary>
    public const string Running = $"attempt_token IS NOT NULL AND {Open}";
}
