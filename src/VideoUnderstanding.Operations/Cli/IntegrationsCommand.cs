using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Integrations;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu integrations</c>: manages buckets and watched folders of an account. docs/integrations.md.</summary>
internal static class IntegrationsCommand
{
    private const string Root = "/app/integrations";

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(IReadOnlyList<string> settings)
        => new("integrations",
            "Connects buckets and watched folders, and transfers their videos. All verbs except watch need a running server.")
        {
            AddVerb(),
            WatchVerb(settings),
            ListVerb(),
            Named("verify", "Checks whether the source can be read.", async (client, id, cancellationToken)
                => Report(await client.SendAsync(HttpMethod.Post, $"{Root}/{id}/verify", null, cancellationToken))),
            Named("sync", "Lists the files again and shows their states.", SynchroniseAsync),
            TransferVerb(),
            TransferFileVerb(),
            Named("remove", "Removes the source and its list of files. Videos are kept.", async (client, id, cancellationToken) =>
            {
                await client.SendAsync(HttpMethod.Delete, $"{Root}/{id}", null, cancellationToken);
                Console.WriteLine($"Removed {id}.");
            }),
        };

    private static Command AddVerb()
    {
        var bucket = new Argument<string>("bucket") { Description = "Name of the bucket." };
        var name = new Option<string?>("--name") { Description = "Shown in lists. Default: the name of the bucket." };
        var endpoint = new Option<string?>("--endpoint") { Description = "Address of the store. Default: AWS.", HelpName = "URL" };
        var region = new Option<string?>("--region") { Description = "Region of the bucket. Default: us-east-1." };
        var pathStyle = new Option<bool>("--path-style")
        {
            Description = "Uses addresses host/bucket/key, which most stores other than AWS need.",
        };
        var prefix = new Option<string?>("--prefix") { Description = "Only objects whose keys start with this prefix." };
        var key = new Option<string?>("--access-key")
        {
            Description = "Access key. The secret key is read from the terminal or standard input. Not needed for a public bucket.",
        };
        var command = new Command("add", "Connects a bucket of an S3-compatible store, and checks whether it can be read.")
        {
            bucket, name, endpoint, region, pathStyle, prefix, key,
        };
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var accessKey = parsed.GetValue(key);
            Report(await client.SendAsync(HttpMethod.Post, Root, new JsonObject
            {
                ["kind"] = "bucket", ["name"] = parsed.GetValue(name) ?? parsed.GetRequiredValue(bucket),
                ["bucket"] = parsed.GetRequiredValue(bucket), ["endpoint"] = parsed.GetValue(endpoint),
                ["region"] = parsed.GetValue(region), ["path_style"] = parsed.GetValue(pathStyle), ["prefix"] = parsed.GetValue(prefix),
                ["access_key"] = accessKey, ["secret_key"] = accessKey is null ? null : Terminal.AskHidden("Secret key: "),
            }, cancellationToken));
            return 0;
        });
        return command;
    }

    /// <summary>Runs on the server's machine only: folders are for administrators, and an API key has no role.</summary>
    private static Command WatchVerb(IReadOnlyList<string> settings)
    {
        var folder = new Argument<string>("folder") { Description = "Full path, in a folder of VideoUnderstanding:Integrations:Folders." };
        var index = new Option<string>("--index") { Description = "Name or id of the index.", Required = true };
        var name = new Option<string?>("--name") { Description = "Shown in lists. Default: the path." };
        var language = new Option<string?>("--language") { Description = "Spoken language." };
        var account = new Option<string>("--account")
        {
            Description = "Account of the index.", DefaultValueFactory = _ => DefaultAccount.Name,
        };
        var command = new Command("watch",
            "Watches a folder of the server's machine and indexes new videos. Works while the server runs and while it does not.")
        {
            folder, index, name, language, account,
        };
        command.SetAction((parsed, cancellationToken) => DatabaseVerb.RunAsync(settings, builder => builder.AddIndexing(), async services =>
        {
            var path = WatchedFolders.Normalize(ServerSettings.UserPath(parsed.GetRequiredValue(folder)));
            if (services.GetRequiredService<WatchedFolders>().CheckFolder(path) is { } why)
                throw new CommandFailure(why);
            var languages = services.GetRequiredService<IOptions<LanguageOptions>>().Value;
            var target = await FindIndexAsync(services.GetRequiredService<VideoDbContext>(), parsed.GetRequiredValue(account),
                parsed.GetRequiredValue(index), cancellationToken);
            var now = TimeProvider.System.GetUtcNow();
            await AddAsync(services.GetRequiredService<IntegrationStore>(), new Integration
            {
                Id = ObjectIds.New(TimeProvider.System), AccountId = target.AccountId, Kind = IntegrationKind.Folder,
                Name = parsed.GetValue(name) ?? path, Folder = path, IndexId = target.Id,
                Language = languages.Find(parsed.GetValue(language))
                    ?? throw new CommandFailure($"The language must be {string.Join(" or ", languages.Accepted())}."),
                CreatedAt = now, UpdatedAt = now,
            }, cancellationToken);
            return 0;
        }, cancellationToken));
        return command;
    }

    private static async Task AddAsync(IntegrationStore store, Integration integration, CancellationToken cancellationToken)
    {
        try
        {
            if (!await store.AddAsync(integration, cancellationToken))
                throw new CommandFailure($"There are {store.Limit} integrations already, as many as "
                    + "VideoUnderstanding:Integrations:MaxIntegrations allows.");
        }
        catch (DbUpdateException failure) when (UniqueNames.IsIntegrationTaken(failure))
        {
            throw new CommandFailure($"The folder {integration.Folder} is watched already.");
        }
        Console.WriteLine($"Id: {integration.Id}\nThe server scans {integration.Folder} within a minute, or when it starts.");
    }

    private static async Task<VideoIndex> FindIndexAsync(VideoDbContext db, string account, string index,
        CancellationToken cancellationToken)
        => await db.Indexes.AsNoTracking().Live()
            .Where(row => (row.Id == index || row.Name == index)
                && db.Accounts.Any(owner => owner.Id == row.AccountId && owner.Name == account))
            .FirstOrDefaultAsync(cancellationToken)
            ?? throw new CommandFailure($"The account {account} has no index {index}.");

    private static Command ListVerb()
    {
        var command = new Command("list", "Lists the integrations of the account.");
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var listed = await client.SendAsync(HttpMethod.Get, Root, null, cancellationToken);
            Console.WriteLine($"{"ID",-24}  {"KIND",-6}  {"STATE",-10}  {"FILES",7}  {"NEW",7}  {"INDEXED",7}  {"FAILED",7}  NAME");
            foreach (var row in (listed["data"] as JsonArray ?? []).OfType<JsonNode>())
                Console.WriteLine($"{row["_id"],-24}  {row["kind"],-6}  {row["status"],-10}  {row["files"]?["total"],7}  "
                    + $"{row["files"]?["new"],7}  {row["files"]?["indexed"],7}  {row["files"]?["failed"],7}  {row["name"]}");
            return 0;
        });
        return command;
    }

    private static Command TransferVerb()
    {
        var id = new Argument<string>("id") { Description = "The integration's id." };
        var index = new Option<string?>("--index") { Description = "Name or id of the index. A watched folder has one." };
        var language = new Option<string?>("--language") { Description = "Spoken language." };
        var again = new Option<bool>("--again") { Description = "Also files whose transfer failed or whose video was deleted." };
        var command = new Command("transfer", "Lists the files again and indexes the new ones.")
        {
            id, index, language, again,
        };
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var body = new JsonObject
            {
                ["index_id"] = parsed.GetValue(index) is { } wanted ? await IndexIdAsync(client, wanted, cancellationToken) : null,
                ["language"] = parsed.GetValue(language), ["again"] = parsed.GetValue(again),
            };
            var answer = await client.SendAsync(HttpMethod.Post, Path(parsed.GetRequiredValue(id), "transfer"), body, cancellationToken);
            Console.WriteLine($"{answer["started"]} files are being indexed, {answer["left"]} are left.");
            return 0;
        });
        return command;
    }

    private static Command TransferFileVerb()
    {
        var id = new Argument<string>("id") { Description = "The integration's id." };
        var index = new Option<string>("--index") { Description = "Name or id of the index.", Required = true };
        var language = new Option<string?>("--language") { Description = "Spoken language." };
        var all = new Option<bool>("--all") { Description = "All files, not only the new ones." };
        var command = new Command("transfer-file", "Lists the files again and prints the JSON for POST /v1.1/tasks/transfers.")
        {
            id, index, language, all,
        };
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var query = $"?index_id={await IndexIdAsync(client, parsed.GetRequiredValue(index), cancellationToken)}"
                + $"&files={(parsed.GetValue(all) ? "all" : "new")}"
                + (parsed.GetValue(language) is { } spoken ? $"&language={Uri.EscapeDataString(spoken)}" : "");
            var path = Path(parsed.GetRequiredValue(id), "transfer-file") + query;
            Console.WriteLine((await client.SendAsync(HttpMethod.Get, path, null, cancellationToken)).ToJsonString(Indented));
            return 0;
        });
        return command;
    }

    private static async Task<string> IndexIdAsync(ServerClient client, string wanted, CancellationToken cancellationToken)
        => (string?)(await client.IndexesAsync(cancellationToken)).FirstOrDefault(index => SearchCommand.IsNamed(index, wanted))?["_id"]
            ?? throw new CommandFailure($"There is no index {wanted}.");

    private static async Task SynchroniseAsync(ServerClient client, string id, CancellationToken cancellationToken)
    {
        var shown = await client.SendAsync(HttpMethod.Post, $"{Root}/{id}/sync", null, cancellationToken);
        while ((bool?)shown["is_synchronising"] == true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            shown = await client.SendAsync(HttpMethod.Get, $"{Root}/{id}", null, cancellationToken);
        }
        Report(shown);
        var files = shown["files"];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Files: {files?["total"]} ({files?["bytes"]} bytes): {files?["new"]} new, {files?["waiting"]} waiting, "
                + $"{files?["indexed"]} indexed, {files?["failed"]} failed, {files?["removed"]} removed"));
        if ((bool?)shown["is_truncated"] == true)
            Console.WriteLine("There are more files than the server lists.");
    }

    private static Command Named(string name, string description, Func<ServerClient, string, CancellationToken, Task> work)
    {
        var id = new Argument<string>("id") { Description = "The integration's id." };
        var command = new Command(name, description) { id };
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            await work(client, Uri.EscapeDataString(parsed.GetRequiredValue(id)), cancellationToken);
            return 0;
        });
        return command;
    }

    private static string Path(string id, string verb) => $"{Root}/{Uri.EscapeDataString(id)}/{verb}";

    /// <exception cref="CommandFailure">The integration has failed. The message contains its id, so that it can be changed or
    /// removed.</exception>
    private static void Report(JsonNode shown)
    {
        if ((string?)shown["status"] == "failed")
            throw new CommandFailure($"{shown["_id"]} ({shown["name"]}) failed: {shown["reason"]}");
        Console.WriteLine($"{shown["_id"]} ({shown["name"]}): {((string?)shown["status"] == "active" ? "Active" : shown["status"])}");
    }
}
