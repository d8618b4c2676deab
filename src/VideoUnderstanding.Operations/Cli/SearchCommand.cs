using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu search</c>: finds moments on a running server.</summary>
internal static class SearchCommand
{
    /// <summary>A query for all chosen indexes.</summary>
    /// <param name="Options">Null for all options of the index.</param>
    private sealed record SearchQuestion(string Query, IReadOnlyList<string>? Options, string Threshold, int Limit);

    public static Command Create()
    {
        var query = new Argument<string>("query") { Description = "A description of the picture, or words that are spoken or shown." };
        var index = new Option<string[]>("--index")
        {
            Description = "Name or id of the index; may be repeated. Default: all indexes.", HelpName = "INDEX",
        };
        var option = new Option<string[]>("--option") { Description = "Search option; may be repeated. Default: all of the index." };
        option.AcceptOnlyFromAmong(IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo, IndexOptions.Logo);
        var threshold = new Option<string>("--threshold")
        {
            Description = "Minimum confidence of the hits.", DefaultValueFactory = _ => "low",
        };
        threshold.AcceptOnlyFromAmong("high", "medium", "low", "none");
        var limit = new Option<int>("--limit") { Description = "Maximum number of hits, 1 to 50.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object per hit and line." };
        var command = new Command("search", "Finds moments in the videos of a running server, best first.")
        {
            query, index, option, threshold, limit, json,
        };
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            if (parsed.GetValue(limit) is < 1 or > 50)
                throw new CommandFailure("--limit must be a whole number from 1 to 50.");
            var question = new SearchQuestion(
                parsed.GetRequiredValue(query), parsed.GetValue(option) is { Length: > 0 } given ? given : null,
                parsed.GetRequiredValue(threshold), parsed.GetValue(limit));
            var hits = await FindAsync(client, question, parsed.GetValue(index) ?? [], cancellationToken);
            if (parsed.GetValue(json))
                hits.ForEach(hit => Console.WriteLine(hit.ToJsonString()));
            else
                Print(hits);
            return 0;
        });
        return command;
    }

    /// <returns>The best hits of all indexes. Besides the members of the API they have <c>index_id</c> and <c>video_name</c>.</returns>
    private static async Task<List<JsonNode>> FindAsync(
        ServerClient client, SearchQuestion question, string[] wanted, CancellationToken cancellationToken)
    {
        var hits = new List<JsonNode>();
        foreach (var index in ChooseIndexes(await client.IndexesAsync(cancellationToken), wanted, question.Options))
        {
            var (id, has) = ((string)index["_id"]!, index["index_options"].Deserialize<string[]>()!);
            foreach (var hit in await client.SearchAsync(id, question.Query, question.Options?.Intersect(has).ToArray() ?? has,
                question.Threshold, question.Limit, cancellationToken))
            {
                hit!["index_id"] = id;
                hits.Add(hit);
            }
        }
        var best = hits.OrderByDescending(hit => (double?)hit["score"]).Take(question.Limit).ToList();
        var names = new Dictionary<string, string>();
        foreach (var hit in best)
        {
            var (index, video) = ((string)hit["index_id"]!, (string)hit["video_id"]!);
            if (!names.ContainsKey(video))
                names[video] = await client.VideoNameAsync(index, video, cancellationToken);
            hit["video_name"] = names[video];
        }
        return best;
    }

    /// <summary>Returns the chosen indexes that have at least one of the options.</summary>
    /// <exception cref="CommandFailure">No index fits.</exception>
    private static List<JsonNode> ChooseIndexes(IReadOnlyList<JsonNode> all, string[] wanted, IReadOnlyList<string>? options)
    {
        if (all.Count == 0)
            throw new CommandFailure("There is no index yet. ./vu index FILE creates one.");
        if (wanted.FirstOrDefault(name => !all.Any(index => IsNamed(index, name))) is { } unknown)
            throw new CommandFailure(
                $"There is no index {unknown}. Indexes: {string.Join(", ", all.Select(index => index["index_name"]))}.");
        var chosen = all.Where(index => wanted.Length == 0 || wanted.Any(name => IsNamed(index, name))).ToList();
        var fitting = options is null ? chosen
            : [.. chosen.Where(index => index["index_options"].Deserialize<string[]>()!.Intersect(options).Any())];
        return fitting.Count > 0 ? fitting : throw new CommandFailure($"No chosen index has the option {string.Join(" or ", options!)}.");
    }

    /// <summary>Compares a name with id and name of an index.</summary>
    internal static bool IsNamed(JsonNode index, string name) => (string?)index["_id"] == name || (string?)index["index_name"] == name;

    private static void Print(List<JsonNode> hits)
    {
        var output = Terminal.Output();
        if (hits.Count == 0)
            output.MarkupLine("Nothing was found. --threshold none also shows results of low confidence.");
        foreach (var hit in hits)
            output.MarkupLine(Terminal.Line(hit, (string?)hit["video_name"]));
    }
}
