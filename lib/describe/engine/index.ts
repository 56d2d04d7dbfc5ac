export * from './existing-service';
