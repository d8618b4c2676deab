using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VideoUnderstanding.Search;

public static class SearchServices
{
    public static IHostApplicationBuilder AddSearch(this IHostApplicationBuilder builder)
    {
        return builder;
    }
}
