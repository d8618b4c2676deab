using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A request body that validates its own members.</summary>
public interface IValidatedRequest
{
    /// <exception cref="ApiException">The first invalid or missing member.</exception>
    void Validate();
}
