using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Parses the values of search requests. Each method throws an <see cref="ApiException"/> for an invalid value.</summary>
internal static class SearchParsing
{
    public static ApiException Invalid(string parameter, string why) => new(ApiError.Invalid(parameter, why));

    /// <summary>The error lists all missing parameters.</summary>
    public static void Require(params (string Name, object? Value)[] parameters)
    {
        if (parameters.Where(parameter => parameter.Value is null).Select(parameter => parameter.Name).ToArray() is { Length: > 0 } missing)
            throw new ApiException(ApiError.Missing(missing));
    }

    public static string QueryText(string parameter, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Invalid(parameter, "It must be a text.");
        var text = value.GetString()!;
        if (string.IsNullOrWhiteSpace(text))
            throw Invalid(parameter, "It must not be empty.");
        return text.Length <= TextQuery.MaxLength
            ? text
            : throw Invalid(parameter, $"It must have at most {TextQuery.MaxLength} characters; it has {text.Length}.");
    }

    /// <summary>Returns the distinct names of options. Does not check that the index has them.</summary>
    public static IReadOnlyList<string> Options(string parameter, IReadOnlyList<string?> names)
        => names.Count > 0 && names.All(name => !string.IsNullOrEmpty(name))
            ? [.. names.OfType<string>().Distinct()]
            : throw Invalid(parameter, "It must be a list of one or more search options.");

    /// <summary><c>transcription</c> was the name of <c>exact_match</c> in version 1.0.</summary>
    public static ConversationMatching Conversation(string parameter, string? name) => OneOf(parameter, name, ConversationMatching.Semantic,
        ("semantic", ConversationMatching.Semantic), ("exact_match", ConversationMatching.ExactMatch),
        ("transcription", ConversationMatching.ExactMatch));

    /// <param name="named">True if the request contains the conversation option.</param>
    public static void CheckCombination(TextQuery query, bool named)
    {
        if (named && query.Conversation == ConversationMatching.ExactMatch && !query.Options.Contains(IndexOptions.Conversation))
            throw new ApiException(ApiError.SearchOptionCombination(
                $"The conversation option exact_match needs the search option conversation. The search options are: "
                    + $"{string.Join(", ", query.Options)}."));
    }

    public static T OneOf<T>(string parameter, string? name, T otherwise, params ReadOnlySpan<(string Name, T Value)> known)
    {
        if (name is null)
            return otherwise;
        foreach (var (word, value) in known)
        {
            if (word == name)
                return value;
        }
        throw Invalid(parameter, $"It must be one of the following: {string.Join(", ", known.ToArray().Select(pair => pair.Name))}.");
    }
}
