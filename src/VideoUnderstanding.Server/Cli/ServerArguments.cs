using System.CommandLine;

namespace VideoUnderstanding.Server.Cli;

/// <summary>Settings given on the command line as <c>--VideoUnderstanding:DataFolder=/srv/videos</c>.</summary>
public static class ServerArguments
{
    private static readonly string[] Known = ["--VideoUnderstanding:", "--ConnectionStrings:", "--Logging:", "--Kestrel:", "--AllowedHosts=", "--urls="];

    /// <summary>The settings among what the verb did not know.</summary>
    /// <exception cref="CommandFailure">Something is neither an option nor a setting: a misspelt option must not pass as a setting that nobody reads.</exception>
    public static IReadOnlyList<string> Settings(this ParseResult parsed) => parsed.UnmatchedTokens.FirstOrDefault(Misspelt) is { } unknown
        ? throw new CommandFailure($"Unknown option: {unknown}. Settings are written --VideoUnderstanding:Name=value.")
        : parsed.UnmatchedTokens;

    /// <summary>The same for a verb with one argument that may be missing: what is written like an option would pass as that argument.</summary>
    public static (string? Argument, IReadOnlyList<string> Settings) SettingsBeside(this ParseResult parsed, Argument<string?> optional)
    {
        string[] given = [.. parsed.GetValue(optional) is { } first ? [first] : Array.Empty<string>(), .. parsed.UnmatchedTokens];
        var arguments = given.Where(token => !token.StartsWith("--", StringComparison.Ordinal)).ToList();
        string[] settings = [.. given.Except(arguments)];
        return arguments.Skip(1).Concat(settings.Where(Misspelt)).FirstOrDefault() is { } unknown
            ? throw new CommandFailure($"Unknown: {unknown}. Settings are written --VideoUnderstanding:Name=value.")
            : (arguments.FirstOrDefault(), settings);
    }

    internal static bool Misspelt(string token)
        => !token.Contains('=', StringComparison.Ordinal) || !Known.Any(start => token.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
