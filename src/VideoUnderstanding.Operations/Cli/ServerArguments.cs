namespace VideoUnderstanding.Operations.Cli;

/// <summary>A command line, split into settings of the server and the rest.</summary>
/// <param name="Settings">As <c>--Section:Name=value</c>, in their order.</param>
/// <param name="Rest">The verb, its options and its arguments.</param>
public sealed record ServerArguments(IReadOnlyList<string> Settings, IReadOnlyList<string> Rest)
{
    /// <summary>Short form of the setting <c>VideoUnderstanding:DataFolder</c>. A relative path is relative to the user's working
    /// folder.</summary>
    public const string Data = "--data";

    public const string Urls = "--urls";

    private static readonly string[] Names = [Data, Urls, "--AllowedHosts"];

    private static readonly string[] Sections = ["--VideoUnderstanding:", "--ConnectionStrings:", "--Logging:", "--Kestrel:"];

    /// <summary>Settings can have any position, as <c>--name=value</c> or <c>--name value</c>. Arguments after <c>--</c> are not
    /// changed.</summary>
    /// <exception cref="CommandFailure">A setting has no value.</exception>
    public static ServerArguments Split(IReadOnlyList<string> args)
    {
        List<string> settings = [], rest = [];
        for (var at = 0; at < args.Count; at++)
        {
            if (args[at] == "--")
            {
                rest.AddRange(args.Skip(at));
                break;
            }
            var (name, value) = args[at].IndexOf('=', StringComparison.Ordinal) is > 0 and var end
                ? (args[at][..end], args[at][(end + 1)..])
                : (args[at], null);
            if (!IsSetting(name))
                rest.Add(args[at]);
            else
                settings.Add(Setting(name, value ?? NextValue(args, ++at, name)));
        }
        return new ServerArguments(settings, rest);
    }

    private static bool IsSetting(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Sections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase));

    private static string Setting(string name, string value) => !name.Equals(Data, StringComparison.OrdinalIgnoreCase) ? $"{name}={value}"
        : value.Length > 0 ? $"--VideoUnderstanding:DataFolder={ServerSettings.UserPath(value)}"
        : throw Missing(name);

    private static string NextValue(IReadOnlyList<string> args, int at, string name)
        => at < args.Count && !args[at].StartsWith("--", StringComparison.Ordinal) ? args[at] : throw Missing(name);

    private static CommandFailure Missing(string name) => new($"{name} needs a value: {name}=VALUE.");
}
