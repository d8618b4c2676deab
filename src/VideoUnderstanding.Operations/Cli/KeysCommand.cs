using System.CommandLine;
using System.Globalization;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu keys</c>: manages API keys. CONTRACT, section 1.</summary>
public static class KeysCommand
{
    public static Command Create(IReadOnlyList<string> settings)
        => new("keys", "Creates, lists, regenerates and revokes API keys. Works while the server runs and while it does not.")
        {
            CreateVerb(settings),
            ListVerb(settings),
            RegenerateVerb(settings),
            RevokeVerb(settings),
        };

    private static Command CreateVerb(IReadOnlyList<string> settings)
    {
        var name = new Option<string>("--name") { Description = "Purpose of the key, shown in the list.", Required = true };
        var account = new Option<string>("--account")
        {
            Description = "Account whose data the key accesses. It is created if it does not exist.",
            DefaultValueFactory = _ => DefaultAccount.Name,
        };
        var quiet = Quiet();
        var command = new Command("create",
            "Creates a key and prints it once. It is valid for two months unless configured otherwise.")
        {
            name, account, quiet,
        };
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(settings, async keys =>
        {
            var (key, secret) = await keys.CreateAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(account), cancellationToken);
            Show(key, secret, parsed.GetValue(quiet));
            return 0;
        }, cancellationToken));
        return command;
    }

    private static Command RegenerateVerb(IReadOnlyList<string> settings)
    {
        var id = Named();
        var quiet = Quiet();
        var command = new Command("regenerate", "Replaces a key and prints the new one. The old key becomes invalid immediately.")
        {
            id, quiet,
        };
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(settings, async keys =>
        {
            var wanted = parsed.GetRequiredValue(id).TrimEnd('…');
            var (key, secret) = await keys.RegenerateAsync(wanted, cancellationToken) ?? throw Unknown(wanted);
            Show(key, secret, parsed.GetValue(quiet));
            return 0;
        }, cancellationToken));
        return command;
    }

    private static Option<bool> Quiet() => new("--quiet") { Description = "Prints only the key." };

    private static Argument<string> Named() => new("id") { Description = "Id of the key, or its first characters as shown by the list." };

    private static CommandFailure Unknown(string wanted) => new($"There is no key {wanted}, or more than one. See: ./vu keys list");

    private static void Show(ApiKey key, string secret, bool quiet)
        => Console.WriteLine(quiet ? secret
            : $"Key:     {secret}\nId:      {key.Id}\nExpires: {Day(key.ExpiresAt)}\nThe key is shown only now.");

    private static Command ListVerb(IReadOnlyList<string> settings)
    {
        var command = new Command("list", "Lists the keys with their first characters.");
        command.SetAction((_, cancellationToken) => WithKeysAsync(settings, async keys =>
        {
            Console.WriteLine($"{"ID",-24}  {"KEY",-13}  {"CREATED",-10}  {"EXPIRES",-10}  {"STATE",-7}  NAME");
            foreach (var key in await keys.ListAsync(cancellationToken))
                Console.WriteLine($"{key.Id,-24}  {key.Prefix + "…",-13}  {Day(key.CreatedAt),-10}  {Day(key.ExpiresAt),-10}  "
                    + $"{State(key),-7}  {key.Name}");
            return 0;
        }, cancellationToken));
        return command;
    }

    private static Command RevokeVerb(IReadOnlyList<string> settings)
    {
        var id = Named();
        var command = new Command("revoke", "Revokes a key immediately.") { id };
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(settings, async keys =>
        {
            var wanted = parsed.GetRequiredValue(id).TrimEnd('…');
            var key = await keys.RevokeAsync(wanted, cancellationToken) ?? throw Unknown(wanted);
            Console.WriteLine($"Revoked {key.Id} ({key.Name}).");
            return 0;
        }, cancellationToken));
        return command;
    }

    private static Task<int> WithKeysAsync(
        IReadOnlyList<string> settings, Func<ApiKeyStore, Task<int>> work, CancellationToken cancellationToken)
        => DatabaseVerb.RunAsync(settings, _ => { }, services => work(services.GetRequiredService<ApiKeyStore>()), cancellationToken);

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string State(ApiKey key)
        => key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= TimeProvider.System.GetUtcNow() ? "expired" : "valid";
}
