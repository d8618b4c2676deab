namespace VideoUnderstanding.Server.Auth;

/// <summary>Who sent the request. Handlers take it as a parameter.</summary>
/// <param name="Id">Identifier of the API key, or of the user of a browser session.</param>
public sealed record Caller(string AccountId, string Id)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}
