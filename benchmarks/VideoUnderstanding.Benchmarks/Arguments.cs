using System.Globalization;

namespace VideoUnderstanding.Benchmarks;

/// <summary>Reads options of the form <c>--name value</c>.</summary>
internal static class Arguments
{
    /// <returns>Null if the option is missing.</returns>
    public static string? Text(string[] args, string name)
        => Array.IndexOf(args, "--" + name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    public static double Number(string[] args, string name, double fallback)
        => Text(args, name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;

    public static int Whole(string[] args, string name, int fallback)
        => Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
