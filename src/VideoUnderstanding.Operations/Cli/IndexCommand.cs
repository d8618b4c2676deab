using System.CommandLine;
using Spectre.Console;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu index</c>: uploads videos to a running server and waits until they can be searched.</summary>
internal static class IndexCommand
{
    private static readonly string[] Options = [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo];

    /// <summary>A video to index.</summary>
    /// <param name="Path">Path of a file; null for an address.</param>
    private sealed record Source(string Name, string? Path);

    public static Command Create()
    {
        var sources = new Argument<string[]>("source")
        {
            Description = "Files, folders with videos (including subfolders), and addresses that the server downloads.",
            Arity = ArgumentArity.OneOrMore,
        };
        var index = new Option<string>("--index")
        {
            Description = "Name or id of the index. It is created if it does not exist.", DefaultValueFactory = _ => "videos",
            HelpName = "INDEX",
        };
        var option = new Option<string[]>("--option")
        {
            Description = "Option of a new index; may be repeated. Videos without sound need an index without conversation.",
            DefaultValueFactory = _ => Options,
        };
        option.AcceptOnlyFromAmong([.. Options, IndexOptions.Logo]);
        var language = new Option<string>("--language") { Description = "Spoken language.", DefaultValueFactory = _ => "en" };
        var command = new Command("index",
            "Sends videos to a running server and waits until they can be searched. Files that are already in the index are skipped.")
        {
            sources, index, option, language,
        };
        var server = new ServerOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(sources).SelectMany(Expand).ToList();
            using var client = server.Client(parsed);
            var indexId = await IndexAsync(client, parsed.GetRequiredValue(index), parsed.GetRequiredValue(option), cancellationToken);
            var run = new IndexRun(client, indexId, parsed.GetRequiredValue(language));
            var failed = 0;
            foreach (var source in wanted)
                failed += await run.AddAsync(source, cancellationToken) ? 0 : 1;
            return failed == 0 ? 0 : throw new CommandFailure($"{failed} of {wanted.Count} videos were not indexed.");
        });
        return command;
    }

    /// <exception cref="CommandFailure">There is no such file, or a folder without videos.</exception>
    private static IEnumerable<Source> Expand(string written)
    {
        if (written.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || written.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return [new Source(written, null)];
        var path = ServerSettings.UserPath(written);
        if (File.Exists(path))
            return [new Source(Path.GetFileName(path), path)];
        if (!Directory.Exists(path))
            throw new CommandFailure($"There is no file or folder {path}.");
        var videos = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(VideoFileNames.IsVideo).Order(StringComparer.Ordinal)
            .Select(file => new Source(Path.GetRelativePath(path, file), file)).ToList();
        return videos.Count > 0 ? videos : throw new CommandFailure($"The folder {path} has no videos.");
    }

    private static async Task<string> IndexAsync(
        ServerClient client, string name, string[] options, CancellationToken cancellationToken)
        => (await client.IndexesAsync(cancellationToken)).FirstOrDefault(index => SearchCommand.IsNamed(index, name)) is { } index
            ? (string)index["_id"]!
            : await client.CreateIndexAsync(name, options, [IndexAddons.Thumbnail], cancellationToken);

    /// <summary>Adds videos sequentially.</summary>
    private sealed class IndexRun(ServerClient client, string indexId, string language)
    {
        private readonly IAnsiConsole _output = Terminal.Output();

        /// <returns>False if it failed; the reason has been printed.</returns>
        public async Task<bool> AddAsync(Source source, CancellationToken cancellationToken)
        {
            try
            {
                if (source.Path is { } file
                    && await client.HasAsync(indexId, Path.GetFileName(file), new FileInfo(file).Length, cancellationToken))
                {
                    _output.MarkupLine($"[grey]{Markup.Escape(source.Name)}: is already in the index[/]");
                    return true;
                }
                var task = await new IndexingProgress(_output, client).RunAsync(source.Name,
                    report => BeginAsync(source, report, cancellationToken), cancellationToken);
                if ((string?)task["status"] == "failed")
                    throw new CommandFailure((string?)task["error_reason"] ?? "Indexing failed.");
                _output.MarkupLine($"[green]{Markup.Escape(source.Name)}: ready[/]");
                return true;
            }
            catch (Exception failure) when (failure is CommandFailure or IOException or UnauthorizedAccessException)
            {
                Terminal.Fail($"{source.Name}: {failure.Message}");
                return false;
            }
        }

        private Task<string> BeginAsync(Source source, Action<IndexingStep> report, CancellationToken cancellationToken)
            => source.Path is { } file
                ? client.UploadAsync(indexId, file, language, share => report(IndexingStep.Uploading(share)), cancellationToken)
                : client.FetchAsync(indexId, source.Name, language, cancellationToken);
    }
}
