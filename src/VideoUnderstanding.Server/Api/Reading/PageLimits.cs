using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Maximum items per page of a list or a search result. CONTRACT, sections 4, 7.1 and 9.</summary>
internal static class PageLimits
{
    public const string Name = "page_limit";
    public const int Default = 10;
    public const int Max = 50;

    /// <exception cref="ApiException">Outside the range.</exception>
    public static int Validate(int? given) => given switch
    {
        null => Default,
        >= 1 and <= Max => given.Value,
        _ => throw new ApiException(ApiError.Invalid(Name, $"It must be a whole number from 1 to {Max}.")),
    };
}
