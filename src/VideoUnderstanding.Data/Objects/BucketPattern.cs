using System.IO.Enumeration;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Names of buckets in settings: letter by letter, or with <c>*</c> for any characters.</summary>
internal static class BucketPattern
{
    public static bool IsValid(string pattern)
        => pattern.Length > 0 && pattern.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '*');

    public static bool Matches(string pattern, string bucket) => FileSystemName.MatchesSimpleExpression(pattern, bucket, ignoreCase: false);

    /// <summary>How much a pattern says: a whole name most of all, then by the characters it fixes.</summary>
    public static int Precision(string pattern) => pattern.Contains('*') ? pattern.Count(character => character != '*') : int.MaxValue;
}
