namespace VideoUnderstanding.Server.Auth;

/// <summary>The sender of the request. Handlers take it as a parameter.</summary>
/// <param name="Id">Id of the API key, or of the user of a browser session.</param>
public sealed record Caller(string AccountId, string Id)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}
