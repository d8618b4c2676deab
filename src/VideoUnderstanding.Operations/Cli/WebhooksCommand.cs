using System.CommandLine;
using System.Globalization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Webhooks;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu webhooks</c>: manages webhooks. docs/webhooks.md.</summary>
public static class WebhooksCommand
{
    private const int LogLines = 20;

    private const string SendingTime = "The server sends it within 30 seconds, or when it starts.";

    /// <summary>Services of a webhook verb.</summary>
    private sealed record WebhookContext(string AccountId, WebhookRegistry Registry, WebhookAddress Address);

    public static Command Create(IReadOnlyList<string> settings)
        => new("webhooks",
            "Adds, lists, changes and removes webhooks; shows and replays notifications. Works while the server runs and while it does "
                + "not.")
        {
            AddVerb(settings),
            ListVerb(settings),
            Change(settings, "enable", "Enables the webhook.",
                (context, endpoint, token) => SetEnabledAsync(context, endpoint, true, token)),
            Change(settings, "disable",
                "Disables the webhook. Events of that time are not sent later, but can be replayed.",
                (context, endpoint, token) => SetEnabledAsync(context, endpoint, false, token)),
            Change(settings, "remove", "Removes the webhook, its log, and its pending deliveries.", RemoveAsync),
            Change(settings, "rotate", "Replaces the secret and prints the new one. The old one becomes invalid immediately.", RotateAsync),
            Change(settings, "test", "Sends a test event.", TestAsync),
            LogVerb(settings),
            ReplayVerb(settings),
        };

    private static Command AddVerb(IReadOnlyList<string> settings)
    {
        var url = new Argument<string>("url") { Description = "Address that receives the notifications." };
        var events = new Option<string[]>("--event")
        {
            Description = $"Event type; may be repeated. Default: all of {string.Join(", ", WebhookEventTypes.All)}.",
        };
        events.AcceptOnlyFromAmong([.. WebhookEventTypes.All]);
        var command = new Command("add", "Adds a webhook and prints its id and its secret.") { url, events };
        command.SetAction((parsed, cancellationToken) => WithContextAsync(settings, async context =>
        {
            var (address, wanted) = (parsed.GetRequiredValue(url), parsed.GetValue(events)?.Distinct().ToList());
            if (context.Address.Check(address) is { } why)
                throw new CommandFailure(why);
            var endpoint = await context.Registry.AddAsync(context.AccountId, address, wanted is { Count: > 0 } ? wanted : null, true,
                cancellationToken)
                ?? throw new CommandFailure(
                    $"There are {context.Registry.Limit} webhooks already, as many as VideoUnderstanding:Webhooks:MaxEndpoints allows.");
            Console.WriteLine($"Id:     {endpoint.Id}\nSecret: {endpoint.Secret}");
        }, cancellationToken));
        return command;
    }

    private static Command ListVerb(IReadOnlyList<string> settings)
    {
        var command = new Command("list", "Lists the webhooks.");
        command.SetAction((_, cancellationToken) => WithContextAsync(settings, async context =>
        {
            Console.WriteLine($"{"ID",-24}  {"STATE",-8}  {"EVENTS",-36}  ADDRESS");
            foreach (var endpoint in await context.Registry.ListAsync(context.AccountId, cancellationToken))
                Console.WriteLine($"{endpoint.Id,-24}  {(endpoint.Enabled ? "enabled" : "disabled"),-8}  "
                    + $"{string.Join(',', endpoint.Events),-36}  {endpoint.Url}");
        }, cancellationToken));
        return command;
    }

    private static Command LogVerb(IReadOnlyList<string> settings)
    {
        var id = new Argument<string?>("id") { Description = "Only this webhook.", Arity = ArgumentArity.ZeroOrOne };
        var last = new Option<int>("--last") { Description = "Number of attempts.", DefaultValueFactory = _ => LogLines };
        var command = new Command("log", "Shows the last delivery attempts, newest first.") { id, last };
        command.SetAction((parsed, cancellationToken) => WithContextAsync(settings, async context =>
        {
            Console.WriteLine($"{"SENT (UTC)",-19}  {"WEBHOOK",-24}  {"EVENT",-36}  {"STATUS",-6}  {"SECONDS",7}  RESULT");
            foreach (var attempt
                in await context.Registry.LogAsync(
                    context.AccountId, parsed.GetValue(id), Math.Max(1, parsed.GetValue(last)), cancellationToken))
                Console.WriteLine(Line(attempt));
        }, cancellationToken));
        return command;
    }

    private static Command ReplayVerb(IReadOnlyList<string> settings)
    {
        var webhookEvent = new Argument<string>("event") { Description = "Id of the event (whe_...), as shown by the log." };
        var webhook = new Option<string?>("--webhook")
        {
            Description = "Sends only to this webhook. Default: all enabled webhooks subscribed to the event.",
        };
        var command = new Command("replay", "Sends an event again, with the same id and content, whether or not it was delivered.")
        {
            webhookEvent, webhook,
        };
        command.SetAction(
            (parsed, cancellationToken)
                => WithContextAsync(settings,
                    context => ReplayAsync(context, parsed.GetRequiredValue(webhookEvent), parsed.GetValue(webhook), cancellationToken),
                    cancellationToken));
        return command;
    }

    private static async Task ReplayAsync(WebhookContext context, string eventId, string? webhookId, CancellationToken cancellationToken)
    {
        var webhookEvent = await context.Registry.FindEventAsync(context.AccountId, eventId, cancellationToken)
            ?? throw new CommandFailure($"There is no event {eventId}. See: ./vu webhooks log");
        var endpoints = webhookId is null
            ? await context.Registry.SubscribersAsync(webhookEvent, cancellationToken)
            : [await FindAsync(context, webhookId, cancellationToken)];
        foreach (var endpoint in endpoints)
        {
            if (await context.Registry.ReplayAsync(webhookEvent, endpoint, cancellationToken) is null)
                throw Disabled(endpoint.Id);
            Console.WriteLine($"{webhookEvent.Id} will be sent to {endpoint.Url} again.");
        }
        Console.WriteLine(endpoints.Count == 0 ? "No enabled webhook is subscribed to this event."
            : SendingTime);
    }

    private static Command Change(
        IReadOnlyList<string> settings, string name, string description,
        Func<WebhookContext, WebhookEndpoint, CancellationToken, Task> work)
    {
        var id = new Argument<string>("id") { Description = "The webhook's id." };
        var command = new Command(name, description) { id };
        command.SetAction((parsed, cancellationToken)
            => WithContextAsync(
                settings,
                async context => await work(
                    context, await FindAsync(context, parsed.GetRequiredValue(id), cancellationToken), cancellationToken),
                cancellationToken));
        return command;
    }

    private static async Task SetEnabledAsync(
        WebhookContext context, WebhookEndpoint endpoint, bool enabled, CancellationToken cancellationToken)
    {
        if (await context.Registry.ChangeAsync(endpoint, null, null, enabled, cancellationToken) is null)
            throw Unknown(endpoint.Id);
        Console.WriteLine($"{(enabled ? "Enabled" : "Disabled")} {endpoint.Id} ({endpoint.Url}).");
    }

    private static async Task RemoveAsync(WebhookContext context, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        await context.Registry.RemoveAsync(endpoint, cancellationToken);
        Console.WriteLine($"Removed {endpoint.Id} ({endpoint.Url}).");
    }

    private static async Task RotateAsync(WebhookContext context, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var rotated = await context.Registry.RotateAsync(endpoint, cancellationToken) ?? throw Unknown(endpoint.Id);
        Console.WriteLine($"Secret: {rotated.Secret}\nThe old secret is invalid: all further notifications, including retries, are signed "
            + $"with this one.");
    }

    private static async Task TestAsync(WebhookContext context, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (!endpoint.Enabled)
            throw Disabled(endpoint.Id);
        if (await context.Registry.CountTestsAsync(endpoint, cancellationToken) >= WebhookRegistry.MaxTestsPerHour)
            throw new CommandFailure($"A webhook can be tested {WebhookRegistry.MaxTestsPerHour} times in an hour. Try again later.");
        if (await context.Registry.TestAsync(endpoint, cancellationToken) is not var (eventId, _))
            throw Unknown(endpoint.Id);
        Console.WriteLine($"Event:  {eventId}\n{SendingTime} Its result: ./vu webhooks log {endpoint.Id}");
    }

    private static async Task<WebhookEndpoint> FindAsync(WebhookContext context, string id, CancellationToken cancellationToken)
        => await context.Registry.FindAsync(context.AccountId, id, cancellationToken) ?? throw Unknown(id);

    private static CommandFailure Disabled(string id)
        => new($"Webhook {id} is disabled. Enable it first: ./vu webhooks enable {id}");

    private static CommandFailure Unknown(string id) => new($"There is no webhook {id}. See: ./vu webhooks list");

    private static string Line(WebhookAttempt attempt) => string.Create(CultureInfo.InvariantCulture,
        $"{attempt.SentAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {attempt.EndpointId,-24}  {attempt.EventId,-36}  {attempt.Status,-6}  "
            + $"{attempt.Duration,7:0.000}  {attempt.Error ?? "delivered"}");

    private static Task<int> WithContextAsync(
        IReadOnlyList<string> settings, Func<WebhookContext, Task> work, CancellationToken cancellationToken)
        => DatabaseVerb.RunAsync(settings, builder => builder.AddIndexing(), async services =>
        {
            var account = await DefaultAccount.EnsureAsync(
                services.GetRequiredService<VideoDbContext>(), TimeProvider.System, cancellationToken);
            await work(new WebhookContext(
                account.Id, services.GetRequiredService<WebhookRegistry>(), services.GetRequiredService<WebhookAddress>()));
            return 0;
        }, cancellationToken);
}
