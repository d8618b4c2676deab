using System.IO.Enumeration;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Bucket names in settings; <c>*</c> matches any characters.</summary>
internal static class BucketPattern
{
    public static bool IsValid(string pattern)
        => pattern.Length > 0 && pattern.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '*');

    public static bool Matches(string pattern, string bucket) => FileSystemName.MatchesSimpleExpression(pattern, bucket, ignoreCase: false);

    /// <summary>Returns the specificity of a pattern: highest for a name without <c>*</c>, otherwise the number of fixed
    /// characters.</summary>
    public static int Precision(string pattern) => pattern.Contains('*') ? pattern.Count(character => character != '*') : int.MaxValue;
}
