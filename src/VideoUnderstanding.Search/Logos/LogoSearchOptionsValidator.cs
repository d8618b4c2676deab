using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Search.Logos;

/// <summary>A list of brands that is not there stops the server, and not the first search.</summary>
internal sealed class LogoSearchOptionsValidator : IValidateOptions<LogoSearchOptions>
{
    public ValidateOptionsResult Validate(string? name, LogoSearchOptions options)
        => options.BrandWordsFile is { } file && !File.Exists(file)
            ? ValidateOptionsResult.Fail($"{LogoSearchOptions.Section}:BrandWordsFile names {file}, but there is no such file.")
            : ValidateOptionsResult.Success;
}
