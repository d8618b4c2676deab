using System.CommandLine;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>The arguments of <c>vu eval</c> and <c>vu calibrate</c> that choose a set of videos and its queries.</summary>
internal sealed class SetArguments
{
    private readonly Argument<string> _folder = new("set") { Description = "Folder of videos with a ground-truth.json." };
    private readonly Option<string[]> _queries = new("--queries")
    {
        Description = "File of queries; may be repeated. Default: queries.json of the set.",
    };
    private readonly Option<string[]> _options = new("--option")
    {
        Description = "Only queries of this option (visual, conversation, text_in_video, sound); may be repeated. Default: all.",
    };
    private readonly Option<bool> _transcripts = new("--transcripts")
    {
        Description = "Indexes the phrases of the truth file as transcripts instead of recognising speech.",
    };

    public SetArguments() => _options.AcceptOnlyFromAmong([.. EvaluationSet.AllOptions]);

    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_queries);
        command.Add(_options);
        command.Add(_transcripts);
    }

    /// <exception cref="EvaluationSetException">A file is missing or wrong.</exception>
    public async Task<EvaluationSet> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var set = await EvaluationSet.ReadAsync(ServerSettings.UserPath(parsed.GetRequiredValue(_folder)), QueriesOf(parsed),
            cancellationToken);
        return set.Only(parsed.GetValue(_options) ?? []) with { GivenTranscripts = parsed.GetValue(_transcripts) };
    }

    /// <summary>Returns the names of the folder and the query files, without their paths.</summary>
    public string NameOf(ParseResult parsed)
        => string.Join(", ",
            [new DirectoryInfo(ServerSettings.UserPath(parsed.GetRequiredValue(_folder))).Name,
                .. QueriesOf(parsed).Select(Path.GetFileName)]);

    private IReadOnlyList<string> QueriesOf(ParseResult parsed) => [.. (parsed.GetValue(_queries) ?? []).Select(ServerSettings.UserPath)];
}
