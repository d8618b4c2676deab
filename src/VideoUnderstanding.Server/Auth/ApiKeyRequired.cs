namespace VideoUnderstanding.Server.Auth;

/// <summary>Endpoint metadata: requests need a valid API key. Sits on the groups of v1.1.</summary>
public sealed class ApiKeyRequired;
