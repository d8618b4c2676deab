namespace VideoUnderstanding.Server.Limits;

/// <summary>Endpoint metadata: the request is expensive. It counts towards the limit of all requests and that of costly requests.</summary>
public sealed class CostlyRequest;
