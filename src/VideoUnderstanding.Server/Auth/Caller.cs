namespace VideoUnderstanding.Server.Auth;

/// <summary>Who sent the request, found by its API key. Handlers take it as a parameter.</summary>
public sealed record Caller(string AccountId, string KeyId)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}
