import { Module } from '@nestjs/common';
import { EarlierMessages } from './earlier-messages.js';
import { MatchFinder } from './match-finder.js';
import { MatchesRepository } from './matches.repository.js';
import { MessageTextsRepository } from './message-texts.repository.js';
import { SearchController } from './search.controller.js';
import { SearchIndexConsumer } from './search-index.consumer.js';
import { SearchIndex } from './search-index.js';
import { SearchTurns } from './search-turns.js';
import { SearchService } from './search.service.js';

@Module({
  controllers: [SearchController, SearchIndexConsumer],
  providers: [
    SearchService,
    SearchTurns,
    MatchFinder,
    MatchesRepository,
    SearchIndex,
    MessageTextsRepository,
    EarlierMessages,
  ],
})
export class SearchModule {}
