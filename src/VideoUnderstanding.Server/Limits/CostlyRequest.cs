namespace VideoUnderstanding.Server.Limits;

/// <summary>Endpoint metadata: a request takes more than rows of the database, so it counts twice: among all requests, and among the costly
/// ones.</summary>
public sealed class CostlyRequest;
