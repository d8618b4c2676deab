using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Search;

/// <summary>Checks the models that a query needs, independent of the index.</summary>
public static class QueryModels
{
    /// <param name="options">Search options. Omit <c>conversation</c> for exact matching, which needs no model.</param>
    /// <exception cref="ModelUnavailableException">A model that an option needs is unavailable.</exception>
    public static void Require(this ModelSet models, IEnumerable<string> options)
    {
        var missing = options.SelectMany(RolesFor).Distinct().Intersect(models.Roles).Select(models.WhyUnavailable).OfType<string>()
            .Distinct().ToArray();
        if (missing.Length > 0)
            throw new ModelUnavailableException(string.Join(' ', missing));
    }

    /// <summary>Returns the options that may need a model.</summary>
    public static IEnumerable<string> WithModels(this IEnumerable<string> options, ConversationMatching conversation)
        => conversation == ConversationMatching.ExactMatch ? options.Where(option => option != IndexOptions.Conversation) : options;

    private static IEnumerable<ModelRole> RolesFor(string option) => option switch
    {
        IndexOptions.Visual => [ModelRole.VisualText, ModelRole.Sound],
        IndexOptions.Conversation or IndexOptions.TextInVideo => [ModelRole.TextEmbedding],
        // The logo search compares stored vectors and names.
        _ => [],
    };
}
