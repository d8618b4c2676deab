namespace VideoUnderstanding.Server.Auth;

/// <summary>Endpoint metadata: requests need a valid API key, or a browser session with its anti-forgery token.</summary>
public sealed class ApiKeyRequired
{
    /// <summary>True if the key may also be sent as <c>Authorization: Bearer KEY</c>.</summary>
    public bool AllowsBearer { get; init; }
}
