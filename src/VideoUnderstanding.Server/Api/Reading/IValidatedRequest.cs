using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A request that says itself what is wrong with it.</summary>
public interface IValidatedRequest
{
    /// <summary>The first thing that is wrong, or null.</summary>
    ApiError? Validate();
}
