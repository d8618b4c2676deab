namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Validates the syntax of user-provided URLs before any lookup.</summary>
public static class UserAddress
{
    private const int MaxLength = 4096;
    private const int FirstUserPort = 1024;

    /// <exception cref="FetchException">Not an http or https URL, or it contains a user name.</exception>
    public static Uri Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new FetchException($"The address is longer than {MaxLength} characters.");
        // Uri removes some control characters; the checked and the requested text must be the same.
        if (text.Trim().Any(char.IsControl))
            throw new FetchException("The address holds control characters.");
        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) ? Check(address)
            : throw new FetchException("The address is not a complete http or https address.");
    }

    /// <summary>Resolves the target of a redirect, which may be relative.</summary>
    /// <exception cref="FetchException">Not an http or https URL, or it contains a user name.</exception>
    public static Uri ResolveRedirect(Uri from, Uri location)
        => Uri.TryCreate(from, location, out var to) ? Check(to)
            : throw new FetchException("The address redirects to something that is not an address.");

    /// <exception cref="FetchException">Not an http or https URL, or it contains a user name.</exception>
    public static Uri Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            throw new FetchException("Only http and https addresses can be fetched.");
        if (address.Host.Length == 0)
            throw new FetchException("The address names no host.");
        // User names can disguise the host ("https://good.example@10.0.0.1/"), and passwords must not reach the database or logs.
        if (address.UserInfo.Length > 0)
            throw new FetchException("Addresses with a user name or password in them are not fetched.");
        // Lower ports belong to other protocols, which could misinterpret an HTTP request.
        if (address.Port < FirstUserPort && address.Port is not (80 or 443))
            throw new FetchException("Only the ports 80, 443 and those from 1024 on can be fetched from.");
        return address;
    }
}
